"""Where my suggestions went (我的建议去哪了): one list over all that a member suggested, in whatever form."""
