"""What is in force, was and will be: publications listed, published, withdrawn."""
