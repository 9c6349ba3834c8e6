"""What every case has in common that goes through an office: a text with versions, and steps on a track."""
