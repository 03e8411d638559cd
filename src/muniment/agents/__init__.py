"""An agent, who may use it, its policy; opens its silo."""
