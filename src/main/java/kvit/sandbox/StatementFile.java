package kvit.sandbox;

import java.time.Instant;
import java.time.LocalDate;
import kvit.money.Money;

/**
 * The bank's statement of a day on which a batch was paid, as camt.053.001.08.
 *
 * @param number counted per currency, from 1
 * @param opening what it opens with
 * @param payout what has come in; below zero where it was taken
 * @param batch what the bank prints of it
 * @param at when the bank has made it
 */
record StatementFile(
        long number, Money opening, Money payout, String batch, LocalDate day, Instant at) {

    /** The one that every example of an IBAN is: right in its check digits, and nobody's. */
    static final String IBAN = "DE89370400440532013000";

    String write() {
        var name = "KVIT-%s-%d".formatted(opening.currency(), number);
        return """
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
          <BkToCstmrStmt>
            <GrpHdr>
              <MsgId>%1$s</MsgId>
              <CreDtTm>%2$s</CreDtTm>
            </GrpHdr>
            <Stmt>
              <Id>%1$s</Id>
              <ElctrncSeqNb>%3$d</ElctrncSeqNb>
              <CreDtTm>%2$s</CreDtTm>
              <Acct><Id><IBAN>%4$s</IBAN></Id><Ccy>%5$s</Ccy></Acct>
        %6$s%7$s%8$s    </Stmt>
          </BkToCstmrStmt>
        </Document>
        """
                .formatted(
                        name,
                        at,
                        number,
                        IBAN,
                        opening.currency(),
                        balance("OPBD", opening),
                        balance("CLBD", closing()),
                        payout.minor() == 0 ? "" : entry(name));
    }

    Money closing() {
        return opening.plus(payout);
    }

    private String balance(String type, Money amount) {
        return """
              <Bal>
                <Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp>
                %s
                <Dt><Dt>%s</Dt></Dt>
              </Bal>
        """
                .formatted(type, amount(amount), day);
    }

    private String entry(String name) {
        return """
              <Ntry>
                <NtryRef>1</NtryRef>
                %1$s
                <Sts><Cd>BOOK</Cd></Sts>
                <BookgDt><Dt>%2$s</Dt></BookgDt>
                <ValDt><Dt>%2$s</Dt></ValDt>
                <AcctSvcrRef>%3$s-1</AcctSvcrRef>
                <BkTxCd><Prtry><Cd>PAYOUT</Cd></Prtry></BkTxCd>
                <NtryDtls><TxDtls><RmtInf><Ustrd>BATCH %4$s</Ustrd></RmtInf></TxDtls></NtryDtls>
              </Ntry>
        """
                .formatted(amount(payout), day, name, batch);
    }

    private static String amount(Money amount) {
        return "<Amt Ccy=\"%s\">%s</Amt><CdtDbtInd>%s</CdtDbtInd>"
                .formatted(
                        amount.currency(),
                        BatchFile.plain(amount.minor() < 0 ? amount.negate() : amount),
                        amount.minor() < 0 ? "DBIT" : "CRDT");
    }
}
