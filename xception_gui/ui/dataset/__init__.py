"""The page Data: the wizard from a folder of pictures to a training."""
