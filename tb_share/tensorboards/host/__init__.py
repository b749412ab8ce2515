"""The host process: TensorBoard's own application, scoped to what the caller may see."""
