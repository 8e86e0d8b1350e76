package kvit.sms;

/** Hands text messages to whoever delivers them. */
public interface SmsGateway {

    /**
     * Returns when the provider has accepted the message, which is not yet its arrival on the
     * phone.
     *
     * <p>Blocks for as long as the provider takes, up to seconds. Never call it inside a database
     * transaction: a slow provider would then hold locks and connections that everybody else waits
     * for.
     *
     * @throws SmsFailed if the message was not accepted, or if nobody can tell
     */
    void send(Sms sms) throws SmsFailed;
}
