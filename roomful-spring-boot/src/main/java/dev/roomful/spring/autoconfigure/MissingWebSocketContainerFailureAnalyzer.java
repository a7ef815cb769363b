package dev.roomful.spring.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to add when no client could connect to the chat. */
final class MissingWebSocketContainerFailureAnalyzer
    extends AbstractFailureAnalyzer<MissingWebSocketContainerException> {
  @Override
  protected FailureAnalysis analyze(Throwable root, MissingWebSocketContainerException cause) {
    return new FailureAnalysis(
        "Roomful cannot accept connections. " + cause.getMessage(),
        "Use a servlet container with WebSocket: spring-boot-starter-tomcat or"
            + " spring-boot-starter-jetty, without excluding their WebSocket modules"
            + " (tomcat-embed-websocket, jetty-ee11-websocket-jakarta-server). An application"
            + " that only publishes sets spring.main.web-application-type=none.",
        cause);
  }
}
