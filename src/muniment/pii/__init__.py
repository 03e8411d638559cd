"""Personal data: finds it in a text, says where and of what class. Knows no room above it and keeps nothing."""
