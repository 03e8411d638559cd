"""An agent: a chatbot over the documents of one team, who may use it, its policy. Opens its silo, and nobody else does.

Promises: an agent of another team does not exist for you; deleting an agent destroys the key of its silo before the
call returns, in constant time, and leaves a receipt.
"""
