"""What schemathesis checks here besides the document: a contract may fail, the oracle may not."""

import schemathesis


@schemathesis.check
def a_failure_is_the_contracts_own(ctx, response, case):
    """500 is a contract that failed and says so; 503 is an oracle that is busy. Nothing else is above 499."""
    if response.status_code < 500 or response.status_code == 503:
        return
    assert response.status_code == 500, f"status {response.status_code}: {response.text}"
    body = response.json()
    assert set(body) == {"zenroom_errors", "result", "exception"}, body
    assert body["exception"].startswith("[ZENROOM EXECUTION ERROR FOR CONTRACT "), body
    assert body["zenroom_errors"]["logs"], body
