"""`make demo`: every sample event and every scenario, on the real Lambda runtime emulator, judged in every respect."""
