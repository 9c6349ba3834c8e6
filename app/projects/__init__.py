"""Projects (办实事项目): what members do for people under a campaign, by whom, where, and from when to when."""
