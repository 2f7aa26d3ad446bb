"""The local API Gateway's sockets: HTTP and WebSocket around a core that knows neither."""
