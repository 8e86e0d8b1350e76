package kvit.payout;

import de.focus_shift.jollyday.core.HolidayManager;
import de.focus_shift.jollyday.core.HolidayType;
import de.focus_shift.jollyday.core.ManagerParameters;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * On which days banks of a country work: not on Saturdays and Sundays, nor on a holiday of the
 * whole country. The holidays are jollyday's, which names its sources; of China, which it does not
 * have, they stand in {@code kvit-holidays-cn.xml}. A holiday of a region, and a Saturday that is
 * worked for one, are not known: what comes of this is an estimate.
 */
@ApplicationScoped
public class BusinessDays {

    /** When a day of business ends, by the country's clock. */
    private static final LocalTime CLOSE = LocalTime.of(17, 0);

    private static final Set<DayOfWeek> WEEKEND = Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);

    private static final Map<String, String> OURS = Map.of("CN", "/kvit-holidays-cn.xml");

    /** Where parts of a country keep days of their own, the part whose days its payments keep. */
    private static final Map<String, String> PARTS = Map.of("GB", "eng");

    /** Where a country has several, the one in which its payments are settled. */
    private static final Map<String, String> ZONES =
            Map.ofEntries(
                    Map.entry("AT", "Europe/Vienna"),
                    Map.entry("BE", "Europe/Brussels"),
                    Map.entry("BG", "Europe/Sofia"),
                    Map.entry("BY", "Europe/Minsk"),
                    Map.entry("CN", "Asia/Shanghai"),
                    Map.entry("CY", "Asia/Nicosia"),
                    Map.entry("CZ", "Europe/Prague"),
                    Map.entry("DE", "Europe/Berlin"),
                    Map.entry("DK", "Europe/Copenhagen"),
                    Map.entry("EE", "Europe/Tallinn"),
                    Map.entry("ES", "Europe/Madrid"),
                    Map.entry("FI", "Europe/Helsinki"),
                    Map.entry("FR", "Europe/Paris"),
                    Map.entry("GB", "Europe/London"),
                    Map.entry("GR", "Europe/Athens"),
                    Map.entry("HR", "Europe/Zagreb"),
                    Map.entry("HU", "Europe/Budapest"),
                    Map.entry("IE", "Europe/Dublin"),
                    Map.entry("IS", "Atlantic/Reykjavik"),
                    Map.entry("IT", "Europe/Rome"),
                    Map.entry("LI", "Europe/Vaduz"),
                    Map.entry("LT", "Europe/Vilnius"),
                    Map.entry("LU", "Europe/Luxembourg"),
                    Map.entry("LV", "Europe/Riga"),
                    Map.entry("MT", "Europe/Malta"),
                    Map.entry("NL", "Europe/Amsterdam"),
                    Map.entry("NO", "Europe/Oslo"),
                    Map.entry("PL", "Europe/Warsaw"),
                    Map.entry("PT", "Europe/Lisbon"),
                    Map.entry("RO", "Europe/Bucharest"),
                    Map.entry("RU", "Europe/Moscow"),
                    Map.entry("SE", "Europe/Stockholm"),
                    Map.entry("SI", "Europe/Ljubljana"),
                    Map.entry("SK", "Europe/Bratislava"),
                    Map.entry("UA", "Europe/Kyiv"),
                    Map.entry("US", "America/New_York"));

    /** Reading one takes a while; each is read when the first of its country pays out. */
    private final Map<String, Optional<HolidayManager>> calendars = new ConcurrentHashMap<>();

    /**
     * The close of business so many business days after a moment. The day of that moment does not
     * count, whatever the hour.
     *
     * @param country ISO 3166-1
     */
    public Instant close(String country, Instant after, int days) {
        var zone = zone(country);
        var day = after.atZone(zone).toLocalDate();
        for (var left = days; left > 0; ) {
            day = day.plusDays(1);
            if (isOne(country, day)) {
                left--;
            }
        }
        return day.atTime(CLOSE).atZone(zone).toInstant();
    }

    /** On which day there that moment is. */
    public LocalDate dayOf(String country, Instant moment) {
        return moment.atZone(zone(country)).toLocalDate();
    }

    /** So many business days after a day, which does not count itself. */
    public LocalDate after(String country, LocalDate day, int days) {
        var then = day;
        for (var left = days; left > 0; ) {
            then = then.plusDays(1);
            if (isOne(country, then)) {
                left--;
            }
        }
        return then;
    }

    /** How many business days have begun since a day, this one among them. */
    public int since(String country, LocalDate day, LocalDate today) {
        var days = 0;
        for (var next = day.plusDays(1); !next.isAfter(today); next = next.plusDays(1)) {
            if (isOne(country, next)) {
                days++;
            }
        }
        return days;
    }

    boolean isOne(String country, LocalDate day) {
        return !WEEKEND.contains(day.getDayOfWeek())
                && calendar(country).map(it -> !isClosed(it, country, day)).orElse(true);
    }

    /** UTC where we do not know it; such a country is not served by the rules that we ship. */
    private static ZoneId zone(String country) {
        return ZoneId.of(ZONES.getOrDefault(country, "UTC"));
    }

    /** What is only observed keeps no bank shut. */
    private static boolean isClosed(HolidayManager calendar, String country, LocalDate day) {
        var part = PARTS.get(country);
        var parts = part == null ? new String[0] : new String[] {part};
        return calendar.isHoliday(day, HolidayType.PUBLIC_HOLIDAY, parts)
                || calendar.isHoliday(day, HolidayType.BANK_HOLIDAY, parts);
    }

    private Optional<HolidayManager> calendar(String country) {
        return calendars.computeIfAbsent(country, BusinessDays::read);
    }

    private static Optional<HolidayManager> read(String country) {
        var ours = OURS.get(country);
        if (ours != null) {
            var file = Objects.requireNonNull(BusinessDays.class.getResource(ours), ours);
            return Optional.of(HolidayManager.getInstance(ManagerParameters.create(file)));
        }
        return ZONES.containsKey(country)
                ? Optional.of(
                        HolidayManager.getInstance(
                                ManagerParameters.create(country.toLowerCase(Locale.ROOT))))
                : Optional.empty();
    }
}
