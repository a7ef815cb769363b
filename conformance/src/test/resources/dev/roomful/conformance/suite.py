# Runs the Autobahn fuzzing client against several servers side by side, in Jython:
#   suite.py FOLDER PARTS GROUPS NAME=ADDRESS...
# The cases of each server are divided into parts that run side by side. Prints one line for each case,
# "result NAME CASE BEHAVIOR BEHAVIOR-OF-THE-CLOSE" with tabs between, and writes a report to the
# folder for each case that is not simply passed.
import sys
from autobahntestsuite import choosereactor
from twisted.internet import reactor
from autobahntestsuite.fuzzing import FuzzingClientFactory

folder, parts, groups = sys.argv[1], int(sys.argv[2]), sys.argv[3].split(",")
running = []

# The suite waits a second for most answers. On a busy machine it takes longer to send the question.
PATIENCE = 5


class Part(FuzzingClientFactory):
    """Some cases against one server. The original stops the reactor behind them."""

    def __init__(self, number, name, address):
        self.number = number
        server = {"agent": name, "url": address, "options": {"failByDrop": False}}
        FuzzingClientFactory.__init__(
            self,
            {"outdir": folder, "servers": [server], "cases": groups, "exclude-cases": []})

    def nextServer(self):
        self.specCases = self.specCases[self.number::parts]
        return FuzzingClientFactory.nextServer(self)

    def logCase(self, result):
        FuzzingClientFactory.logCase(self, result)
        behaviors = [result["behavior"], result["behaviorClose"]]
        print "\t".join(["result", result["agent"], result["id"]] + behaviors)
        if behaviors != ["OK", "OK"]:
            self.createAgentCaseReportJSON(result["agent"], result["id"], folder)

    def buildProtocol(self, address):
        protocol = FuzzingClientFactory.buildProtocol(self, address)
        close_after, kill_after = protocol.closeAfter, protocol.killAfter
        protocol.closeAfter = lambda seconds: close_after(seconds * PATIENCE)
        protocol.killAfter = lambda seconds: kill_after(seconds * PATIENCE)
        return protocol

    def clientConnectionLost(self, connector, reason):
        if self.nextCase():
            connector.connect()
        else:
            self.end()

    def clientConnectionFailed(self, connector, reason):
        self.end()

    def end(self):
        running.remove(self)
        if not running:
            reactor.stop()


for server in sys.argv[4:]:
    name, address = server.split("=")
    for number in range(parts):
        running.append(Part(number, name, address))
reactor.run()
