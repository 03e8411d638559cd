"""CustomGPT.ai's API, version 1: its clients move here by changing their base URL. It says *project* for agent, *page*
for document and *prompt* for a question with its answer; nothing outside this package does. Path by path: docs/api.md.
"""
