"""Routes that need no log-in, and those that never end."""

#: Open to everybody, each for its reason.
PUBLIC = {
    "POST /api/v1/auth/login": "it is where one becomes somebody",
    "POST /api/v1/auth/refresh": "the refresh token is the proof",
    "GET /api/v1/cards/verify/{code}": "anybody with its code may verify a card",
    "GET /api/v1/cards/verify/{code}/file": "what the owner of a card shares, by its code",
    "GET /api/v1/cards/keys": "public keys",
    "GET /api/v1/leads/organizations": "the public form says who takes leads",
    "POST /api/v1/leads": "citizens hand in leads; limited by address and day",
    "POST /api/v1/leads/status": "anybody with the code of a receipt; limited by address",
    "POST /api/v1/public/matters": "citizens hand in matters; limited by address, venue and day",
    "POST /api/v1/public/matters/status": "anybody with the code of a receipt; limited by address",
    "POST /api/v1/public/matters/judgement": "the code of the receipt is the proof; limited by address",
    "GET /api/v1/public/matters/organizations": "the public form says who takes matters",
    "GET /api/v1/public/matters": "what was released for the public",
    "GET /api/v1/public/matters/{matter_id}": "what was released for the public",
    "GET /c/{code}": "the same as a page, for the QR code",
    "GET /v/{code}": "the page of a venue that the office has opened to the public",
    "GET /healthz": "for the supervisor of the process",
    "GET /readyz": "for the load balancer",
    "GET /metrics": "for the collector; the proxy does not pass it on",
    "GET /api/docs": "the interactive description",
}
#: Answers that never end: only refusals are driven.
STREAMS = {"GET /api/v1/events"}
