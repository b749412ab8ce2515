"""The TensorBoard plugin behind the Experiments tab; read-only."""
