"""The demonstration's data and how it is drawn: invented people and halls in real Kent towns."""
