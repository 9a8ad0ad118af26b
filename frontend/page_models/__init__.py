"""What templates receive: typed, complete and ready to show. No template sees an answer of a service as it came."""
