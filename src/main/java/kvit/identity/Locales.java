package kvit.identity;

/** The languages that people may name. */
interface Locales {

    /** BCP 47, as much of it as is in use: language, script, region. */
    String TAG = "[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?";
}
