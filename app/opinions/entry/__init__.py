"""Opinion reports on paper and leads by word of mouth, entered by staff (机关代录)."""
