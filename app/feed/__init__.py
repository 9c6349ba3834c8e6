"""The circle (议政圈): updates of members."""
