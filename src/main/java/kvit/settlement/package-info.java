/**
 * What the processor and the bank say: where their files come from, how they are read, and whether
 * they are what they should be. What the books say to that is for others to compare.
 *
 * <p>Owns the tables settlement_source, settlement_file, settlement_content, settlement_line,
 * settlement_statement and settlement_chain.
 */
@NullMarked
package kvit.settlement;

import org.jspecify.annotations.NullMarked;
