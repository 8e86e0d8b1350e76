package kvit.reconcile;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which batches an entry of the bank names: in fields of its own, or in what was written to us.
 *
 * @param meant by a field, or by the word that stands for a batch and the ones listed with it
 * @param perhaps other words behind it, which may be the number of a shop or of an invoice
 */
record BatchWords(Set<String> meant, Set<String> perhaps) {

    private static final Pattern WORD = Pattern.compile("[\\p{Alnum}._/-]+");
    private static final Pattern LISTED = Pattern.compile("[,;+&]");
    private static final Pattern AND = Pattern.compile("(?i)and|und|et|y|en|og|och|i");
    private static final Pattern DIGIT = Pattern.compile("\\p{N}");
    private static final String BATCH = "batch";

    /**
     * @param known whether that is the name of a batch on its way
     */
    static BatchWords of(Line entry, Predicate<String> known) {
        var meant = new LinkedHashSet<String>();
        var perhaps = new HashSet<String>();
        for (var field : new String[] {entry.batch(), entry.reference()}) {
            if (field != null && known.test(field)) {
                meant.add(field);
            }
        }
        var text = entry.description() == null ? "" : entry.description();
        var words = WORD.matcher(text);
        var place = Place.BEFORE;
        var isPlural = false;
        var isAnd = false;
        var end = 0;
        while (words.find()) {
            var word = words.group();
            var gap = text.substring(end, words.start());
            end = words.end();
            if (word.equalsIgnoreCase(BATCH) || word.equalsIgnoreCase(BATCH + "es")) {
                place = Place.AT;
                isPlural = word.length() > BATCH.length();
                continue;
            }
            var isListed = isPlural || isAnd || LISTED.matcher(gap).find();
            isAnd = AND.matcher(word).matches();
            if (place == Place.LIST && !isListed && !isAnd) {
                place = Place.BEHIND;
            }
            if (place == Place.AT || place == Place.LIST) {
                if (known.test(word)) {
                    meant.add(word);
                    place = Place.LIST;
                } else if (DIGIT.matcher(word).find()) {
                    // A batch that is not on its way is one all the same.
                    place = Place.LIST;
                }
            } else if (place == Place.BEHIND && known.test(word)) {
                perhaps.add(word);
            }
        }
        perhaps.removeAll(meant);
        return new BatchWords(meant, perhaps);
    }

    /** Where reading stands. */
    private enum Place {
        BEFORE,
        /** Behind the word, and no name has come: "batch no. 42". */
        AT,
        LIST,
        BEHIND
    }
}
