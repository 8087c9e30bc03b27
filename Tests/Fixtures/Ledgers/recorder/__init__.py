"""What plays a story to a daemon and writes the conversation down."""
