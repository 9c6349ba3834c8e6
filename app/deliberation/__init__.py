"""Topics (网络议政): opened by staff for a period, deliberated by members."""
