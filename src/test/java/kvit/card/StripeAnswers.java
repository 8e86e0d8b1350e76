package kvit.card;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;

/** Answers in the shapes that Stripe documents, with single quotes for readability. */
final class StripeAnswers {

    private StripeAnswers() {}

    static ResponseDefinitionBuilder okay(String json) {
        return aResponse()
                .withHeader("Content-Type", "application/json")
                .withBody(json.replace('\'', '"'));
    }

    /** A message that quotes what was sent, as some of Stripe's do. */
    static ResponseDefinitionBuilder error(
            int status, String type, String code, String declineCode) {
        return okay("""
                        {'error': {'type': '%s', 'code': '%s', %s 'message': 'quoted: 4242'}}
                        """
                        .formatted(
                                type,
                                code,
                                declineCode == null
                                        ? ""
                                        : "'decline_code': '" + declineCode + "',"))
                .withStatus(status);
    }

    static String list(String items) {
        return "{'object': 'list', 'has_more': false, 'data': [" + items + "]}";
    }
}
