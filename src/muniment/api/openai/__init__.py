"""The API that OpenAI's clients speak: agents as models, answers as chat completions with their sources."""
