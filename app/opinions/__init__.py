"""Opinion reports (社情民意信息)."""
