"""The annual bulletin (年度通报): what an organization's members did in a duty year, frozen when it is counted."""
