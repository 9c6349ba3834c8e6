"""The library (资料库): earlier proposals, reports, policy documents and news, found by words and by likeness."""
