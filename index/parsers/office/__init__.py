"""Documents of office programs: Office Open XML, OpenDocument and rich text."""
