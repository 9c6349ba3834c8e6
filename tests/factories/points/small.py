"""The smallest ruleset that has one of each."""

SMALL = """\
name: 试行办法
rules:
  - id: update
    label: 发布动态
    kinds: [update.posted]
    points: 1
boards:
  - id: all
    label: 全部
    posts: [chair, vice_chair, secretary_general, standing_member, member]
"""
