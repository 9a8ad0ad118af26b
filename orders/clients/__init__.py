"""The services that orders calls, each as the few questions it asks of them."""
