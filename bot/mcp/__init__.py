"""Tools for assistants over the Model Context Protocol, on the conversation of the other fronts."""
