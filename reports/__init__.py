"""What people look at: pure renderers from results to text, and the published schema. They open no files to write."""
