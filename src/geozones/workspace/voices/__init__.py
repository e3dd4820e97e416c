"""What people say of shared versions: comments, and opinions asked of lycées."""
