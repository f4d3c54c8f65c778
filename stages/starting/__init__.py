"""What `stages.new` is made of: sizes, metrics that fit, the file's text, its place in dvc.yaml."""
