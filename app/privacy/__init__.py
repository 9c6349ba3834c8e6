"""Personal data: notice and consent, one's own data as an archive, requests to correct and erase, retention."""
