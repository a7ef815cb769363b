package dev.roomful.internal.validation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class LogTextTest {
  @Test
  void controlAndInvisibleCharactersOfATextAreEscaped() {
    assertEquals(
        "a\\u000ab\\u001b[31m\\u0085\\u2028\\u202eé😀",
        LogText.escape("a\nb\u001b[31m\u0085\u2028\u202eé😀"));
    String plain = "\"room é\"";
    assertSame(plain, LogText.escape(plain));
  }

  @Test
  void messagesOfAllCausesAreEscapedAndStackTracesAreKept() {
    Exception original =
        new IllegalStateException("a\nb\u001b[31m", new IllegalArgumentException("c\r\u2028"));
    original.addSuppressed(new Exception("d\u0085"));
    Throwable escaped = LogText.escape(original);

    assertEquals("java.lang.IllegalStateException: a\\u000ab\\u001b[31m", escaped.toString());
    assertArrayEquals(original.getStackTrace(), escaped.getStackTrace());
    assertEquals(
        "java.lang.IllegalArgumentException: c\\u000d\\u2028", escaped.getCause().toString());
    assertEquals("java.lang.Exception: d\\u0085", escaped.getSuppressed()[0].toString());
    StringWriter printed = new StringWriter();
    escaped.printStackTrace(new PrintWriter(printed));
    assertFalse(printed.toString().contains("\u001b") || printed.toString().contains("\u0085"));
  }

  @Test
  void aFailureWithoutControlCharactersIsLoggedAsItIs() {
    Exception original = new IllegalStateException("a", new IllegalArgumentException("b"));
    original.addSuppressed(new Exception("c", new Exception("d")));
    assertSame(original, LogText.escape(original));
  }

  @Test
  void aControlCharacterDeepInACauseIsNotOverlooked() {
    Exception deep = new Exception("\n");
    for (int i = 0; i < 30; i++) {
      deep = new Exception("level " + i, deep);
    }
    StringWriter printed = new StringWriter();
    LogText.escape(deep).printStackTrace(new PrintWriter(printed));
    assertTrue(printed.toString().contains("level 29"), printed.toString());
    assertFalse(printed.toString().contains(": \n"), printed.toString());
  }

  @Test
  void causesThatFormACircleEnd() {
    Exception first = new Exception("1");
    Exception second = new Exception("2", first);
    first.initCause(second);
    int causes = 0;
    for (Throwable cause = LogText.escape(first); cause != null; cause = cause.getCause()) {
      causes++;
    }
    assertEquals(17, causes);
  }

  @Test
  void anExceptionThatCannotBeReadIsNamedByItsClass() {
    Exception unreadable =
        new IllegalStateException("a") {
          private static final long serialVersionUID = 1;

          @Override
          @SuppressWarnings("OverrideThrowableToString")
          public String toString() {
            throw new IllegalStateException("no text");
          }
        };
    assertEquals(
        unreadable.getClass().getName() + " without a readable message",
        LogText.escape(unreadable).toString());
  }
}
