package kvit.card;

import static kvit.card.StripeApi.given;
import static kvit.card.StripeApi.once;

import com.stripe.param.AccountCreateParams;
import com.stripe.param.AccountExternalAccountCreateParams;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import kvit.money.Currency;
import kvit.source.Ids;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes a card something that Stripe pays out to: a card of a connected account of its owner's.
 * There is one account for all cards of a person, and each payout goes to the card that it names.
 *
 * <p>The account is one that only we see ({@code custom}), under the full agreement and with the
 * capability {@code transfers}: under the other one, for mere recipients, what we transfer is there
 * a day later, and nothing is instant. It pays out nothing by itself. What Stripe wants to know
 * besides, such as an address, is for whoever runs Kvit to ask for; until then Stripe refuses.
 *
 * <p>Nothing in here keeps a card from being charged: what cannot be paid out to says why.
 */
class StripePayees {

    private static final Logger LOG = Logger.getLogger(StripePayees.class);

    /**
     * Where Stripe names debit cards as what it pays out to, in the currency of the country. Bank
     * accounts it serves in many more.
     */
    private static final Map<String, Currency> CURRENCIES =
            Map.of("US", Currency.USD, "CA", Currency.CAD, "SG", Currency.SGD);

    /** About the person or the card, and not about how it was asked for. */
    private static final Set<String> REFUSALS =
            Set.of(
                    "account_closed",
                    "card_declined",
                    "country_unsupported",
                    "expired_card",
                    "incorrect_number",
                    "invalid_card_type");

    private static final String NOT_SET_UP = "not_set_up";

    private final StripeApi api;
    private final boolean isOffered;

    StripePayees(StripeApi api, boolean isOffered) {
        this.api = api;
        this.isOffered = isOffered;
    }

    /**
     * Sets the card up, or says why not. The same card and owner are the same there, however often
     * they are sent.
     *
     * @throws Unanswered when nobody can tell what became of it: the same again goes on with it
     */
    WayOut wayOut(UUID card, CardDetails details, Funding funding) {
        var payee = details.payee();
        if (!isOffered || payee == null) {
            return WayOut.none("not_offered");
        }
        if (funding != Funding.DEBIT) {
            return WayOut.none("card_not_debit");
        }
        var currency = CURRENCIES.get(payee.country());
        if (currency == null) {
            return WayOut.none("country_not_supported");
        }
        var birthDate = payee.birthDate();
        if (birthDate == null) {
            return WayOut.none("birth_date_missing");
        }
        try {
            var account = known(payee);
            if (account == null) {
                if (payee.acceptedFrom() == null) {
                    return WayOut.none("terms_not_accepted");
                }
                account = account(card, payee, birthDate, details.holder());
            }
            var there = card(card, account, details, currency);
            return WayOut.by(new StripeDestination(account, there, currency).reference());
        } catch (StripeApi.Refused e) {
            return WayOut.none(e.code());
        } catch (NonsenseRefused e) {
            LOG.errorf("nothing can be paid out to card %s: %s", card, e.getMessage());
            return WayOut.none(NOT_SET_UP);
        } catch (Unanswered e) {
            // It may be stored as the answer for a day, and a good card must not wait for that.
            if (e.reason() != Reason.SERVER_ERROR) {
                throw e;
            }
            LOG.errorf("nothing can be paid out to card %s: %s", card, e.reason());
            return WayOut.none(NOT_SET_UP);
        }
    }

    private static @Nullable String known(Payee payee) {
        var known = payee.known();
        return known == null
                ? null
                : StripeDestination.of(known).map(StripeDestination::account).orElse(null);
    }

    private String account(UUID card, Payee payee, LocalDate birthDate, String holder)
            throws StripeApi.Refused {
        var params =
                AccountCreateParams.builder()
                        .setType(AccountCreateParams.Type.CUSTOM)
                        .setCountry(payee.country())
                        .setBusinessType(AccountCreateParams.BusinessType.INDIVIDUAL)
                        .setIndividual(individual(birthDate, holder))
                        .setCapabilities(
                                AccountCreateParams.Capabilities.builder()
                                        .setTransfers(
                                                AccountCreateParams.Capabilities.Transfers.builder()
                                                        .setRequested(true)
                                                        .build())
                                        .build())
                        .setTosAcceptance(
                                AccountCreateParams.TosAcceptance.builder()
                                        .setServiceAgreement("full")
                                        // With the request for the card, and the same each time.
                                        .setDate(Ids.time(card).getEpochSecond())
                                        .setIp(payee.acceptedFrom())
                                        .build())
                        .setSettings(byHand())
                        .putMetadata("kvit_customer", payee.customer().toString())
                        .build();
        return given(
                api.ask(REFUSALS, it -> it.accounts().create(params, once(card + ":acct")))
                        .getId());
    }

    private static AccountCreateParams.Individual individual(LocalDate birthDate, String holder) {
        var individual =
                AccountCreateParams.Individual.builder()
                        .setDob(
                                AccountCreateParams.Individual.Dob.builder()
                                        .setDay((long) birthDate.getDayOfMonth())
                                        .setMonth((long) birthDate.getMonthValue())
                                        .setYear((long) birthDate.getYear())
                                        .build());
        var end = holder.lastIndexOf(' ');
        if (end > 0) {
            individual.setLastName(holder.substring(end + 1));
        }
        return individual.setFirstName(end > 0 ? holder.substring(0, end) : holder).build();
    }

    /** Nothing goes out of it but what we say. */
    private static AccountCreateParams.Settings byHand() {
        return AccountCreateParams.Settings.builder()
                .setPayouts(
                        AccountCreateParams.Settings.Payouts.builder()
                                .setSchedule(
                                        AccountCreateParams.Settings.Payouts.Schedule.builder()
                                                .setInterval(
                                                        AccountCreateParams.Settings.Payouts
                                                                .Schedule.Interval.MANUAL)
                                                .build())
                                .build())
                .build();
    }

    private String card(UUID card, String account, CardDetails details, Currency currency)
            throws StripeApi.Refused {
        var external =
                AccountExternalAccountCreateParams.Card.builder()
                        .setObject("card")
                        .setNumber(details.number().digits())
                        .setExpMonth((long) details.expiry().getMonthValue())
                        .setExpYear((long) details.expiry().getYear())
                        .setName(details.holder())
                        .setCurrency(StripeAmount.code(currency));
        if (details.cvc() != null) {
            external.setCvc(details.cvc());
        }
        var params =
                AccountExternalAccountCreateParams.builder()
                        .setExternalAccount(external.build())
                        .putMetadata("kvit_card", card.toString())
                        .build();
        return given(
                api.ask(
                                REFUSALS,
                                it ->
                                        it.accounts()
                                                .externalAccounts()
                                                .create(account, params, once(card + ":out")))
                        .getId());
    }
}
