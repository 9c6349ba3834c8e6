interface Author {
  author_sector: string | null;
  author_post: string | null;
  author_post_label: string | null;
}

/** Beside a name: the sector, and the post when it is more than a member's; staff have neither. */
export function standing({ author_sector, author_post, author_post_label }: Author): string {
  if (!author_sector) return "机关";
  return author_post === "member" ? author_sector : `${author_sector} · ${author_post_label}`;
}
