package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.CloseStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusCodesTest {
  @Test
  void clientsReconnectAfterSomeDisconnectsAndNotAfterOthers() {
    for (int code : List.of(3000, 3499, 4000, 4499)) {
      assertTrue(new Disconnect(code, "").reconnects(), code + "");
    }
    for (int code : List.of(3500, 3999, 4500, 4999)) {
      assertFalse(new Disconnect(code, "").reconnects(), code + "");
    }
    assertTrue(Disconnect.STATE_INVALIDATED.reconnects());
    assertFalse(Disconnect.BAD_REQUEST.reconnects());
  }

  @Test
  void clientsSubscribeAgainAfterSomeUnsubscribesAndNotAfterOthers() {
    assertFalse(UnsubscribeStatus.SERVER.resubscribes());
    assertFalse(new UnsubscribeStatus(2499, "").resubscribes());
    assertTrue(UnsubscribeStatus.INSUFFICIENT_STATE.resubscribes());
    assertTrue(UnsubscribeStatus.EXPIRED.resubscribes());
  }

  @Test
  void onlyTransientErrorsAreTemporary() {
    List<ClientError> errors =
        List.of(
            ClientError.INTERNAL,
            ClientError.UNAUTHORIZED,
            ClientError.UNKNOWN_CHANNEL,
            ClientError.PERMISSION_DENIED,
            ClientError.METHOD_NOT_FOUND,
            ClientError.ALREADY_SUBSCRIBED,
            ClientError.LIMIT_EXCEEDED,
            ClientError.BAD_REQUEST,
            ClientError.NOT_AVAILABLE,
            ClientError.TOKEN_EXPIRED,
            ClientError.EXPIRED,
            ClientError.TOO_MANY_REQUESTS,
            ClientError.UNRECOVERABLE_POSITION,
            ClientError.CONCURRENT_PAGINATION);

    for (int i = 0; i < errors.size(); i++) {
      assertEquals(100 + i, errors.get(i).code());
    }
    assertEquals(
        List.of(100, 111, 113),
        errors.stream().filter(ClientError::temporary).map(ClientError::code).toList());
  }

  @Test
  void aClientReconnectsAfterItsAccessHasExpiredAndNotAfterItWasRevoked() {
    assertEquals(3005, ProtocolMapping.closeStatusFor(CloseStatus.EXPIRED).code());
    assertEquals(3503, ProtocolMapping.closeStatusFor(CloseStatus.REVOKED).code());
  }

  @Test
  void codesOutOfTheirRangeAreRejected() {
    assertThrows(IllegalArgumentException.class, () -> new Disconnect(2999, ""));
    assertThrows(IllegalArgumentException.class, () -> new Disconnect(5000, ""));
    assertThrows(IllegalArgumentException.class, () -> new Disconnect(4000, "é".repeat(62)));
    assertThrows(IllegalArgumentException.class, () -> new UnsubscribeStatus(1999, ""));
    assertThrows(IllegalArgumentException.class, () -> new UnsubscribeStatus(3000, ""));
    assertThrows(IllegalArgumentException.class, () -> new ClientError(99, "", false));
    assertThrows(IllegalArgumentException.class, () -> new Reply(0, new Reply.Unsubscribed()));
  }
}
