// One of the ranks stops itself before it connects: it has no guard yet.
import { connect } from '../../connect'

const rank = Number(process.env.OMPI_COMM_WORLD_RANK ?? process.env.PMI_RANK)
if (rank === 1) process.kill(process.pid, 'SIGSTOP')
await connect()
