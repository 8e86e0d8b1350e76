package kvit.books;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Something in the books that is not what it was, or does not add up.
 *
 * @param check which rule it breaks
 * @param subject what breaks it: a posting, an account with a sequence, a seal, a day
 */
@Schema(name = "VerificationFinding")
record Finding(String check, String subject, String detail) {}
