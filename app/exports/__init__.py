"""What leaves the platform on paper (导出): documents in the official layout, lists as Excel, archives."""
