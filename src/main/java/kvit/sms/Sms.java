package kvit.sms;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One text message to one person.
 *
 * @param phone the receiver in E.164, such as {@code +33612345678}
 * @param text what the person reads
 * @param code the one-time code inside the text, if there is one; named apart from the text so that
 *     the sandbox's inbox can show it without searching
 */
public record Sms(String phone, String text, @Nullable String code) {

    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{1,14}");

    // The messages name the fault and never the value: they end in logs.
    public Sms {
        if (!E164.matcher(phone).matches()) {
            throw new IllegalArgumentException("the phone of an SMS must be in E.164");
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException("the text of an SMS must not be blank");
        }
        if (code != null && !text.contains(code)) {
            throw new IllegalArgumentException("the code of an SMS must be in its text");
        }
    }

    /** Two digits tell two receivers apart in a log without telling who they are. */
    @Override
    public String toString() {
        return "Sms[phone=…" + phone.substring(phone.length() - 2) + "]";
    }
}
