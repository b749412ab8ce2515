"""Where a project's TensorBoard runs."""
