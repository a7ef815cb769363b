package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.roomful.admission.Rejection;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RpcReplyTest {
  @Test
  void aRejectionIsAnErrorWithItsStatusAndReason() {
    assertEquals(
        new ClientError(403, "not you", false),
        RpcReply.rejected(Rejection.of(403, "not you")).outcome());
    assertEquals(
        new ClientError(429, "slow-mode", true),
        RpcReply.rejected(new Rejection(429, "slow-mode", "", Duration.ofSeconds(3))).outcome());
  }

  @Test
  void anErrorHasACodeOfTheApplications() {
    assertEquals(new ClientError(1999, "no", false), RpcReply.error(1999, "no").outcome());
    assertThrows(IllegalArgumentException.class, () -> RpcReply.error(399, "no"));
    assertThrows(IllegalArgumentException.class, () -> RpcReply.error(2000, "no"));
  }

  @Test
  void textThatIsNotJsonIsAJsonString() {
    assertEquals(new Reply.RpcResult(RawData.of("{\"a\":1}")), RpcReply.of("{\"a\":1}").outcome());
    assertEquals(new Reply.RpcResult(RawData.of("\"hello\"")), RpcReply.of("hello").outcome());
  }
}
