/** The yearly duty report: its figures, and the words that members of the standing committee write. */
import { api, type Schemas } from "@lvyi/api";
import { queryClient } from "@lvyi/shared";
import { useDraft, type OpenDraft } from "@lvyi/shared/drafts";
import { useQuery } from "@tanstack/vue-query";

export type Report = Schemas["ReportOut"];
export type ReportWords = Required<Schemas["ReportIn"]>;

const blank: ReportWords = { study: "", deliberation: "", constituency: "", conduct: "", shortcomings: "", plans: "" };
const keyOf = (seat: number, year: number) => ["reports", seat, year];

async function read(seat_id: number, year: number): Promise<Report> {
  return (await api.GET("/api/v1/seats/{seat_id}/reports/{year}", { params: { path: { seat_id, year } } })).data;
}

function keep(report: Report): Report {
  queryClient.setQueryData(keyOf(report.seat_id, report.year), report);
  return report;
}

export function useReport(seat: number, year: number) {
  return useQuery({ queryKey: keyOf(seat, year), queryFn: () => read(seat, year) });
}

/** The words of my report while they are written, on the phone and on the server at once. */
export function useReportDraft(seat: number, year: number): OpenDraft<ReportWords> {
  return useDraft("report", `${seat}-${year}`, {
    empty: blank,
    route: `/archive/${seat}/report?year=${year}`,
    title: () => `${year} 年度履职报告`,
    server: {
      get: async () => keep(await read(seat, year)),
      put: async (words, version) => {
        const params = { path: { seat_id: seat, year }, header: { "if-match": `"${version}"` } };
        return keep((await api.PUT("/api/v1/seats/{seat_id}/reports/{year}", { params, body: words })).data);
      },
      value: ({ passages }: Report) => ({ ...blank, ...Object.fromEntries(passages.map(({ key, text }) => [key, text])) }),
    },
  });
}
