"""The SDK's public names; importing this package loads no server and no TensorBoard."""
